import { Kbd } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { Example, examples } from "./questions";

/** What stands under an empty editor: questions to begin with. */
export function Examples({ onOpen }: { onOpen(example: Example): void }) {
    return (
        <div className="examples" tabIndex={0} role="region" aria-label="Questions to begin with">
            <h2>Ask your records</h2>
            <p className="muted">
                Every span, log, metric and model call of this project is in SQL tables. Write a statement, or begin with one of these. <Kbd>Ctrl Space</Kbd> completes tables, columns, attribute keys and values.
            </p>
            <ul>
                {examples.map((example) => (
                    <li key={example.title}>
                        <button type="button" onClick={() => onOpen(example)}>
                            <strong>
                                <Icon name={example.view === "chart" ? "live" : "table"} size={13} /> {example.title}
                            </strong>
                            <span className="muted">{example.note}</span>
                            <code>{example.sql}</code>
                        </button>
                    </li>
                ))}
            </ul>
        </div>
    );
}
