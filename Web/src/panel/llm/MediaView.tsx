import { useMemo, useState } from "react";
import { bytes } from "../../lib/format";
import type { Part } from "./message";
import { modalityOf } from "./parts";

type Media = Extract<Part, { type: "media" }>;

/** Files above this many base64 characters are named, not shown. */
const largest = 8_000_000;

/** Types the browser draws without running anything in them; SVG is not one of them. */
const shown = /^(image\/(png|jpe?g|gif|webp|avif|bmp)|audio\/[\w.+-]+|video\/(mp4|webm|ogg))$/;

/** A file that came with the message. What is only referred to is never fetched. */
export function MediaView({ part }: { part: Media }) {
    const [isOpen, setOpen] = useState(part.modality === "image");
    const mime = part.mime ?? (part.modality === "image" ? "image/png" : null);
    const data = useMemo(() => part.data?.replace(/\s+/g, "") ?? null, [part.data]);
    const size = data === null ? null : Math.floor((data.length * 3) / 4);
    const canShow = data !== null && mime !== null && shown.test(mime) && data.length <= largest && /^[A-Za-z0-9+/_-]*=*$/.test(data);
    const kind = modalityOf(mime);
    const label = [part.name, part.modality, mime, size === null ? null : bytes(size)].filter(Boolean).join(" · ");
    return (
        <div className="media">
            <div className="media-head">
                <span>{label}</span>
                {canShow && (
                    <button type="button" className="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                        {isOpen ? "hide" : "show"}
                    </button>
                )}
            </div>
            {part.location && <code className="media-location">{part.location}</code>}
            {part.data === null && <p className="muted small">{part.location ? "Referred to by address; not fetched." : "The sender did not record the file."}</p>}
            {part.data !== null && !canShow && <p className="muted small">{data !== null && data.length > largest ? "Too large to show here." : "This type is not shown."}</p>}
            {canShow && isOpen && kind === "image" && <img src={`data:${mime};base64,${data}`} alt={part.name ?? "image in the message"} />}
            {canShow && isOpen && kind === "audio" && <audio controls preload="none" src={`data:${mime};base64,${data}`} />}
            {canShow && isOpen && kind === "video" && <video controls preload="none" src={`data:${mime};base64,${data}`} />}
        </div>
    );
}
