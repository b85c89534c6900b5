import CodeMirror, { Editor as Instance, Hint, Hints, Position } from "codemirror";
import "codemirror/addon/comment/comment";
import "codemirror/addon/display/placeholder";
import "codemirror/addon/edit/closebrackets";
import "codemirror/addon/edit/matchbrackets";
import "codemirror/addon/hint/show-hint";
import { forwardRef, useEffect, useImperativeHandle, useRef } from "react";
import { Completion, suggest, Vocabulary } from "./complete";
import "./sqlMode";

export interface EditorHandle {
    /** The whole text with the ends of the selection, in UTF-16 units. */
    read(): { text: string; from: number; to: number };
    insert(text: string): void;
    replace(text: string): void;
    replaceAt(from: number, to: number, text: string): void;
    reveal(from: number, to: number): void;
    focus(): void;
}

export interface EditorProps {
    /** Tells the texts of different tabs apart; each has an undo history of its own. */
    id: string;
    text: string;
    onChange(text: string): void;
    onRun(): void;
    onFormat(): void;
    vocabulary: Vocabulary;
    /** Values of an expression that records really have. */
    fetchValues(expression: string, table: string): Promise<readonly string[]>;
    /** The place that the server refused, in UTF-16 units. */
    fault: { from: number; to: number; message: string } | null;
}

/** The SQL editor. Tab leaves it, as it leaves every other field; completion is accepted with Enter or Tab. */
export const Editor = forwardRef<EditorHandle, EditorProps>(function Editor(props, ref) {
    const host = useRef<HTMLDivElement>(null);
    const editor = useRef<Instance | null>(null);
    const latest = useRef(props);
    latest.current = props;
    const histories = useRef(new Map<string, unknown>());
    const shown = useRef({ id: props.id, text: props.text });

    useEffect(() => {
        const instance: Instance = CodeMirror(host.current!, {
            value: latest.current.text,
            mode: "hearth-sql",
            lineNumbers: true,
            lineWrapping: true,
            matchBrackets: true,
            autoCloseBrackets: true,
            indentUnit: 4,
            placeholder: "SELECT … FROM records, llm_calls, agent_runs, tool_calls, metrics, …",
            screenReaderLabel: "SQL",
            extraKeys: {
                "Ctrl-Enter": () => latest.current.onRun(),
                "Cmd-Enter": () => latest.current.onRun(),
                "Ctrl-Space": () => complete(instance, latest),
                "Shift-Alt-F": () => latest.current.onFormat(),
                "Ctrl-/": "toggleComment",
                "Cmd-/": "toggleComment",
                Tab: false,
                "Shift-Tab": false,
            },
        });
        editor.current = instance;
        instance.getInputField().setAttribute("data-editor", "sql");
        instance.on("change", (_: Instance, change: { text: string[] }) => {
            shown.current.text = instance.getValue();
            latest.current.onChange(shown.current.text);
            // A quote brings its other half, and the cursor between them.
            if (change.text.length === 1 && change.text[0] === "''") setTimeout(() => complete(instance, latest), 0);
        });
        instance.on("inputRead", (_: Instance, change: { text: string[]; origin?: string }) => {
            // While typing, not after pasting.
            if (change.origin === "paste" || instance.state.completionActive) return;
            const typed = change.text.join("\n");
            if (/^[\p{L}_.']$/u.test(typed)) complete(instance, latest);
        });
        instance.focus();
        return () => {
            host.current?.replaceChildren();
            editor.current = null;
        };
    }, []);

    // A text that came from elsewhere: another tab, history, formatting.
    useEffect(() => {
        const instance = editor.current;
        if (!instance) return;
        const before = shown.current;
        if (before.id !== props.id) {
            histories.current.set(before.id, instance.getHistory());
            shown.current = { id: props.id, text: props.text };
            instance.setValue(props.text);
            const known = histories.current.get(props.id);
            if (known === undefined) instance.clearHistory();
            else instance.setHistory(known);
        } else if (before.text !== props.text) {
            before.text = props.text;
            const end = instance.posFromIndex(instance.getValue().length);
            instance.replaceRange(props.text, { line: 0, ch: 0 }, end);
        }
    }, [props.id, props.text]);

    const { fault } = props;
    useEffect(() => {
        const instance = editor.current;
        if (!instance || !fault) return undefined;
        const [from, to] = [instance.posFromIndex(fault.from), instance.posFromIndex(Math.max(fault.from + 1, fault.to))];
        const marker = instance.markText(from, to, { className: "cm-fault", title: fault.message });
        instance.addLineClass(from.line, "gutter", "cm-fault-line");
        instance.scrollIntoView(from, 40);
        return () => {
            marker.clear();
            instance.removeLineClass(from.line, "gutter", "cm-fault-line");
        };
    }, [fault]);

    useImperativeHandle(ref, () => ({
        read: () => {
            const instance = editor.current!;
            return { text: instance.getValue(), from: instance.indexFromPos(instance.getCursor("from")), to: instance.indexFromPos(instance.getCursor("to")) };
        },
        insert: (text) => {
            editor.current!.replaceSelection(text, "end");
            editor.current!.focus();
        },
        replace: (text) => {
            const instance = editor.current!;
            const cursor = instance.getCursor();
            instance.replaceRange(text, { line: 0, ch: 0 }, instance.posFromIndex(instance.getValue().length));
            instance.setCursor(cursor);
        },
        replaceAt: (from, to, text) => {
            const instance = editor.current!;
            instance.replaceRange(text, instance.posFromIndex(from), instance.posFromIndex(to));
            instance.focus();
        },
        reveal: (from, to) => {
            const instance = editor.current!;
            instance.setSelection(instance.posFromIndex(from), instance.posFromIndex(to));
            instance.scrollIntoView(instance.posFromIndex(from), 60);
            instance.focus();
        },
        focus: () => editor.current?.focus(),
    }));

    return <div ref={host} className="sql-editor" />;
});

function complete(instance: Instance, latest: { current: EditorProps }): void {
    instance.showHint({
        completeSingle: false,
        closeCharacters: /[\s()[\]{};,]/,
        extraKeys: { Tab: (_, handle) => handle.pick(), Up: (_, h) => h.moveFocus(-1), Down: (_, h) => h.moveFocus(1), PageUp: (_, h) => h.moveFocus(-8), PageDown: (_, h) => h.moveFocus(8), Enter: (_, h) => h.pick(), Esc: (_, h) => h.close() },
        hint: (editor) => hints(editor, latest),
    });
}

async function hints(instance: Instance, latest: { current: EditorProps }): Promise<Hints | null> {
    const text = instance.getValue();
    const caret = instance.indexFromPos(instance.getCursor());
    const found = suggest(text, caret, latest.current.vocabulary);
    let { items } = found;
    if (found.valuesOf) {
        const { expression, table, typed, isQuoted } = found.valuesOf;
        const values = await latest.current.fetchValues(expression, table).catch((): readonly string[] => []);
        if (instance.getValue() !== text) return null;
        const t = typed.toLowerCase();
        items = values
            .filter((v) => v.toLowerCase().includes(t))
            .slice(0, 60)
            .map((v): Completion => ({ label: v, insert: !isQuoted && /^-?\d+(\.\d+)?$|^(true|false)$/.test(v) ? v : `'${v.replace(/'/g, "''")}'`, note: "value seen", kind: "value" }));
    }
    if (items.length === 0 || (items.length === 1 && items[0]!.insert === text.slice(found.from, caret))) return null;
    return { from: instance.posFromIndex(found.from), to: instance.posFromIndex(found.to), list: items.map(hintOf) };
}

function hintOf(item: Completion): Hint {
    return {
        text: item.insert,
        displayText: item.label,
        render: (element) => {
            const kind = document.createElement("span");
            kind.className = `suggestion-kind kind-${item.kind}`;
            kind.textContent = item.kind;
            const label = document.createElement("code");
            label.textContent = item.label;
            const note = document.createElement("span");
            note.className = "muted";
            note.textContent = item.note;
            element.append(kind, label, note);
        },
        hint: (editor, data, hint) => {
            const [from, to]: [Position, Position] = [hint.from ?? data.from, hint.to ?? data.to];
            editor.replaceRange(hint.text, from, to);
            if (item.back) {
                const cursor = editor.getCursor();
                editor.setCursor({ line: cursor.line, ch: cursor.ch - item.back });
            }
        },
    };
}
