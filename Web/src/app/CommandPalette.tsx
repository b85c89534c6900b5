import { KeyboardEvent, useState } from "react";
import { Icon } from "../components/Icon";
import { commandsFor } from "./commands";
import { useApp } from "./context";
import { Dialog } from "./Dialog";

export function CommandPalette({ onClose }: { onClose(): void }) {
    const app = useApp();
    const [typed, setTyped] = useState("");
    const [at, setAt] = useState(0);
    const commands = commandsFor(app, typed);
    const chosen = Math.min(at, commands.length - 1);
    const run = (index: number) => {
        const command = commands[index];
        if (!command) return;
        onClose();
        command.run();
    };
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === "ArrowDown") setAt((chosen + 1) % Math.max(1, commands.length));
        else if (event.key === "ArrowUp") setAt((chosen + commands.length - 1) % Math.max(1, commands.length));
        else if (event.key === "Enter") run(chosen);
        else return;
        event.preventDefault();
    };
    return (
        <Dialog label="Commands" onClose={onClose} className="palette">
            <div className="palette-input">
                <Icon name="search" size={16} />
                <input
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant={`palette-${chosen}`}
                    aria-label="Command, page or trace id"
                    placeholder="Go to a page, paste a trace id, change theme or range…"
                    spellCheck={false}
                    value={typed}
                    onChange={(event) => {
                        setTyped(event.target.value);
                        setAt(0);
                    }}
                    onKeyDown={onKeyDown}
                />
            </div>
            <ul id="palette-list" role="listbox" aria-label="Commands">
                {commands.map((command, index) => (
                    <li
                        key={command.title}
                        id={`palette-${index}`}
                        role="option"
                        aria-selected={index === chosen}
                        className={index === chosen ? "is-on" : ""}
                        onPointerMove={() => setAt(index)}
                        onClick={() => run(index)}
                        ref={(element) => {
                            if (index === chosen) element?.scrollIntoView({ block: "nearest" });
                        }}
                    >
                        <span>{command.title}</span>
                        <span className="muted">{command.hint}</span>
                    </li>
                ))}
            </ul>
        </Dialog>
    );
}
