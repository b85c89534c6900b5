import { useState } from "react";
import { useApp } from "../../app/context";
import { Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { plural } from "../../lib/format";
import type { Missing } from "./missing";

/** What the record does not say although it could: one line, with why and how to mend it behind it. */
export function MissingNotes({ list }: { list: readonly Missing[] }) {
    const { path } = useApp();
    const [isOpen, setOpen] = useState(false);
    if (list.length === 0) return null;
    return (
        <div className={`missing ${isOpen ? "is-open" : ""}`}>
            <button type="button" className="missing-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                <Icon name="help" size={13} />
                <span>
                    Not recorded: <b>{list.slice(0, 3).map((m) => m.what.toLowerCase()).join(", ")}</b>
                    {list.length > 3 && ` and ${plural(list.length - 3, "other")}`}
                </span>
                <span className="missing-why">{isOpen ? "Close" : "Why?"}</span>
            </button>
            {isOpen && (
                <dl>
                    {list.map((m) => (
                        <div key={m.id} data-missing={m.id}>
                            <dt>{m.what}</dt>
                            <dd>
                                {m.why} <span className="muted">{m.mend}</span>
                            </dd>
                        </div>
                    ))}
                    <p>
                        <Link href={path({ name: "settings", section: "instrumentation" })}>Check instrumentation</Link> lists this for every service.
                    </p>
                </dl>
            )}
        </div>
    );
}
