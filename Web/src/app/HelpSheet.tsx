import { Fragment } from "react";
import { Kbd } from "../components/basic";
import { Icon } from "../components/Icon";
import { Dialog } from "./Dialog";
import { isApple } from "./Sidebar";

const command = isApple() ? "⌘" : "Ctrl";

const groups: { title: string; keys: [string[], string][] }[] = [
    {
        title: "Everywhere",
        keys: [
            [[command, "K"], "Commands: pages, trace ids, theme, range"],
            [["/"], "Search"],
            [["L"], "Live (with Shift beside a tree)"],
            [["A"], "Agents"],
            [["M"], "LLMs"],
            [["C"], "Conversations"],
            [["E"], "Explore: SQL"],
            [["S"], "Settings"],
            [["?"], "This sheet"],
            [["Esc"], "Close what is open"],
        ],
    },
    {
        title: "Live",
        keys: [
            [["j"], "Next row"],
            [["k"], "Previous row"],
            [["l"], "Open the tree of a row"],
            [["h"], "Close it, or go to its parent"],
            [["Enter"], "Open the trace on its own page"],
            [["Space"], "Pause or resume"],
        ],
    },
    {
        title: "Agent runs",
        keys: [
            [["j"], "Next run of the list"],
            [["k"], "Previous run of the list"],
            [["S"], "Summary of a run"],
            [["T"], "Tools"],
            [["M"], "Messages"],
            [["R"], "Trace"],
            [["G"], "Graph"],
            [["["], "Previous run"],
            [["]"], "Next run"],
        ],
    },
    {
        title: "Trace",
        keys: [
            [["j"], "Next span"],
            [["k"], "Previous span"],
            [["l"], "Open the tree of a span"],
            [["h"], "Close it, or go to its parent"],
            [["e"], "Next error (E goes to Explore)"],
            [["n"], "Next match of the search; N the one before"],
            [["c"], "Critical path on or off"],
            [["Home"], "First span; End the last"],
            [["0"], "Whole trace again after a zoom"],
        ],
    },
    {
        title: "Explore",
        keys: [
            [[command, "Enter"], "Run the statement under the cursor, or what is selected"],
            [["Esc"], "Cancel the running query"],
            [["Ctrl", "Space"], "Complete"],
            [["Shift", "Alt", "F"], "Format"],
            [["i"], "Go to the editor (Tab leaves it)"],
            [["1"], "Table; 2 chart, 3 details, 4 plan"],
            [["b"], "Tables; h history"],
            [["n"], "New query (Alt N while writing)"],
            [[command, "C"], "Copy the selected rows"],
        ],
    },
];

export function HelpSheet({ onClose }: { onClose(): void }) {
    return (
        <Dialog label="Keyboard shortcuts" onClose={onClose} className="help">
            <header>
                <h1>Keyboard shortcuts</h1>
                <button type="button" className="icon-button" onClick={onClose} aria-label="Close">
                    <Icon name="close" />
                </button>
            </header>
            <div className="help-groups">
                {groups.map((group) => (
                    <section key={group.title}>
                        <h2>{group.title}</h2>
                        <dl>
                            {group.keys.map(([keys, what]) => (
                                <Fragment key={what}>
                                    <dt>
                                        {keys.map((k) => (
                                            <Kbd key={k}>{k}</Kbd>
                                        ))}
                                    </dt>
                                    <dd>{what}</dd>
                                </Fragment>
                            ))}
                        </dl>
                    </section>
                ))}
            </div>
        </Dialog>
    );
}
