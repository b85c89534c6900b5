// A traceback as frames: Python's, JavaScript's and Java's forms. Other text stays text.

export interface Frame {
    file: string;
    line: number | null;
    name: string | null;
    /** Lines of the source, as the traceback quotes them. */
    code: string[];
    /** Not the program's own: a library or the language's own modules. */
    isLibrary: boolean;
}

export type Part = { kind: "frames"; frames: Frame[] } | { kind: "error"; text: string } | { kind: "note"; text: string };

const library = /site-packages|dist-packages|node_modules|node:internal|\/lib\/python\d|<frozen |\/usr\/(lib|local\/lib)\/|^java\.|^javax\.|^org\.springframework\./;

/** The parts in the order of the text; null when no line of it is a frame. */
export function parseTraceback(text: string): Part[] | null {
    const parts: Part[] = [];
    let frames: Frame[] = [];
    let others: string[] = [];
    let hasFrames = false;
    const flushFrames = () => {
        if (frames.length > 0) parts.push({ kind: "frames", frames });
        frames = [];
    };
    const flushOthers = () => {
        const note = others.join("\n").trim();
        if (note !== "") parts.push({ kind: /^(The above exception|During handling|Caused by|\.\.\. \d+ more)/.test(note) ? "note" : "error", text: note });
        others = [];
    };
    for (const line of text.split("\n")) {
        const frame = frameOf(line);
        if (frame) {
            flushOthers();
            frames.push(frame);
            hasFrames = true;
            continue;
        }
        const last = frames[frames.length - 1];
        if (last && /^\s{4,}\S/.test(line) && others.length === 0) {
            // The marks below a line of code say where in it; they stand with it.
            last.code.push(line.replace(/^ {4}/, ""));
            continue;
        }
        if (/^\s*Traceback \(most recent call last\):$/.test(line)) {
            flushFrames();
            flushOthers();
            continue;
        }
        if (frames.length > 0 && line.trim() !== "") flushFrames();
        if (/^(The above exception|During handling)/.test(line)) flushOthers();
        others.push(line);
        if (/^(The above exception|During handling)/.test(line)) flushOthers();
    }
    flushFrames();
    flushOthers();
    return hasFrames ? parts : null;
}

function frameOf(line: string): Frame | null {
    const python = /^\s*File "(.+)", line (\d+)(?:, in (.+))?$/.exec(line);
    if (python) return frame(python[1]!, python[2]!, python[3] ?? null);
    const script = /^\s*at (?:(.+?) \()?((?:file:\/\/|node:|https?:\/\/|\/|[A-Za-z]:\\|\.{0,2}\/|<)[^()]*?):(\d+)(?::\d+)?\)?$/.exec(line);
    if (script) return frame(script[2]!, script[3]!, script[1] ?? null);
    const java = /^\s*at ([\w.$<>/]+)\(([^():]+)(?::(\d+))?\)$/.exec(line);
    if (java) return { file: java[2]!, line: java[3] ? Number(java[3]) : null, name: java[1]!, code: [], isLibrary: library.test(java[1]!) };
    return null;
}

function frame(file: string, line: string, name: string | null): Frame {
    return { file, line: Number(line), name, code: [], isLibrary: library.test(file) };
}
