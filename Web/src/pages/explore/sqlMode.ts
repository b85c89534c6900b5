import CodeMirror from "codemirror";
import { functions, isKeyword } from "./keywords";

// Colours of SQL in the editor: keywords, functions, texts, numbers, comments.

interface State {
    /** What the line begins in the middle of. */
    inside: "comment" | "string" | "name" | null;
}

const known = new Set(functions.map(([name]) => name));

CodeMirror.defineMode<State>("hearth-sql", () => ({
    startState: () => ({ inside: null }),
    lineComment: "--",
    closeBrackets: "()[]''\"\"",
    token(stream, state) {
        if (state.inside === "comment") {
            if (stream.match(/.*?\*\//)) state.inside = null;
            else stream.skipToEnd();
            return "comment";
        }
        if (state.inside !== null) return quoted(stream, state, state.inside);
        if (stream.eatSpace()) return null;
        if (stream.match("--")) {
            stream.skipToEnd();
            return "comment";
        }
        if (stream.match("/*")) {
            state.inside = "comment";
            return this.token(stream, state);
        }
        if (stream.match("'")) return quoted(stream, state, "string");
        if (stream.match('"')) return quoted(stream, state, "name");
        if (stream.match(/^(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?/i)) return "number";
        if (stream.match(/^[\p{L}_][\p{L}\p{N}_$]*/u)) {
            const word = stream.current();
            const isCalled = stream.match(/^\s*\(/, false);
            if (isKeyword(word) && !(isCalled && known.has(word.toLowerCase()))) return /^(true|false|null)$/i.test(word) ? "atom" : "keyword";
            return isCalled ? "builtin" : "variable";
        }
        if (stream.match(/^(?:->>?|::|[<>!=]=?|\|\||[-+*/%~^&|@#?:])/)) return "operator";
        stream.next();
        return null;
    },
}));

function quoted(stream: CodeMirrorStream, state: State, kind: "string" | "name"): string {
    const end = kind === "string" ? /^(?:[^']|'')*'(?!')/ : /^(?:[^"]|"")*"(?!")/;
    if (stream.match(end)) state.inside = null;
    else {
        stream.skipToEnd();
        state.inside = kind;
    }
    return kind === "string" ? "string" : "variable-2";
}

type CodeMirrorStream = import("codemirror").StringStream;
