import { useMemo, useState } from "react";
import { bytes } from "../../lib/format";
import type { Part } from "./message";
import { modalityOf } from "./parts";

type Media = Extract<Part, { type: "media" }>;

/** Files above this many base64 characters are named, not shown. */
const largest = 8_000_000;

/** Types the browser draws without running anything in them; SVG is not one of them. */
const shown = /^(image\/(png|jpe?g|gif|webp|avif|bmp)|audio\/[\w.+-]+|video\/(mp4|webm|ogg))$/;

const isBase64 = /^[A-Za-z0-9+/_-]*=*$/;

/** A file that came with the message. What is only referred to is never fetched. */
export function MediaView({ part }: { part: Media }) {
    const [isOpen, setOpen] = useState(part.modality === "image");
    const mime = part.mime ?? (part.modality === "image" ? "image/png" : null);
    const data = useMemo(() => part.data?.replace(/\s+/g, "") ?? null, [part.data]);
    const size = data === null ? null : Math.floor((data.length * 3) / 4);
    const canShow = data !== null && mime !== null && shown.test(mime) && data.length <= largest && isBase64.test(data);
    const canSave = data !== null && data.length > 0 && isBase64.test(data);
    const kind = modalityOf(mime);
    const label = [part.name, part.modality, mime, size === null ? null : bytes(size)].filter(Boolean).join(" · ");
    return (
        <div className="media">
            <div className="media-head">
                <bdi>{label}</bdi>
                {canSave && <CopyOut data={data!} name={part.name ?? `file.${extension(mime)}`} />}
                {canShow && (
                    <button type="button" className="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                        {isOpen ? "hide" : "show"}
                    </button>
                )}
            </div>
            {part.location && <code className="media-location">{part.location}</code>}
            {part.data === null && <p className="muted small">{part.location ? "Referred to by address; not fetched." : "The sender did not record the file."}</p>}
            {part.data !== null && !canShow && <p className="muted small">{data !== null && data.length > largest ? "Too large to show here; it can be saved." : canSave ? "This type is not shown here; it can be saved." : "This type is not shown."}</p>}
            {canShow && isOpen && kind === "image" && <img src={`data:${mime};base64,${data}`} alt={part.name ?? "image in the message"} />}
            {canShow && isOpen && kind === "audio" && <audio controls preload="none" src={`data:${mime};base64,${data}`} />}
            {canShow && isOpen && kind === "video" && <video controls preload="none" src={`data:${mime};base64,${data}`} />}
        </div>
    );
}

/** Saves the file as bytes without a type, so that no browser opens it by itself. */
function CopyOut({ data, name }: { data: string; name: string }) {
    const save = () => {
        const bytes = Uint8Array.from(atob(data.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
        const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
        const link = document.createElement("a");
        link.href = address;
        link.download = name.replace(/[^\w. -]+/g, "_").slice(0, 120);
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
    };
    return (
        <button type="button" className="link-button" onClick={save}>
            save
        </button>
    );
}

function extension(mime: string | null): string {
    return /^[\w-]+\/([\w-]{1,10})/.exec(mime ?? "")?.[1] ?? "bin";
}
