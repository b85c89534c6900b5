// The parts of CodeMirror 5 that the SQL editor uses.

declare module "codemirror" {
    export interface Position {
        line: number;
        ch: number;
    }
    export interface StringStream {
        sol(): boolean;
        eol(): boolean;
        peek(): string | null;
        next(): string | null;
        eatSpace(): boolean;
        skipToEnd(): void;
        match(pattern: string | RegExp, consume?: boolean): RegExpMatchArray | boolean | null;
        current(): string;
    }
    export interface Mode<State> {
        startState(): State;
        token(stream: StringStream, state: State): string | null;
        lineComment?: string;
        closeBrackets?: string;
    }
    export interface Marker {
        clear(): void;
    }
    export interface Hint {
        text: string;
        displayText?: string;
        from?: Position;
        to?: Position;
        className?: string;
        render?(element: HTMLElement, data: Hints, hint: Hint): void;
        hint?(editor: Editor, data: Hints, hint: Hint): void;
    }
    export interface Hints {
        list: Hint[];
        from: Position;
        to: Position;
        selectedHint?: number;
    }
    export interface HintOptions {
        hint(editor: Editor, options: HintOptions): Hints | null | Promise<Hints | null>;
        completeSingle?: boolean;
        closeCharacters?: RegExp;
        closeOnUnfocus?: boolean;
        container?: HTMLElement;
        extraKeys?: Record<string, (editor: Editor, handle: { pick(): void; moveFocus(by: number): void; close(): void }) => void>;
    }
    export interface Editor {
        getValue(): string;
        setValue(text: string): void;
        getSelection(): string;
        replaceSelection(text: string, select?: "around" | "start" | "end"): void;
        replaceRange(text: string, from: Position, to?: Position): void;
        setSelection(from: Position, to?: Position, options?: { scroll?: boolean }): void;
        getCursor(which?: "from" | "to" | "head" | "anchor"): Position;
        setCursor(position: Position): void;
        indexFromPos(position: Position): number;
        posFromIndex(index: number): Position;
        scrollIntoView(position: Position | { from: Position; to: Position }, margin?: number): void;
        markText(from: Position, to: Position, options: { className?: string; title?: string; inclusiveRight?: boolean }): Marker;
        addLineClass(line: number, where: "gutter" | "background" | "wrap" | "text", name: string): unknown;
        removeLineClass(line: number, where: "gutter" | "background" | "wrap" | "text", name?: string): unknown;
        operation<T>(body: () => T): T;
        on(event: string, listener: (...args: any[]) => void): void;
        off(event: string, listener: (...args: any[]) => void): void;
        focus(): void;
        hasFocus(): boolean;
        refresh(): void;
        clearHistory(): void;
        getInputField(): HTMLElement;
        getWrapperElement(): HTMLElement;
        getHistory(): unknown;
        setHistory(history: unknown): void;
        showHint(options: HintOptions): void;
        toggleComment(): void;
        state: { completionActive?: unknown };
    }
    export interface Options {
        value?: string;
        mode?: string;
        lineNumbers?: boolean;
        lineWrapping?: boolean;
        matchBrackets?: boolean;
        autoCloseBrackets?: boolean;
        placeholder?: string;
        indentUnit?: number;
        screenReaderLabel?: string;
        viewportMargin?: number;
        extraKeys?: Record<string, string | false | ((editor: Editor) => unknown)>;
    }
    interface CodeMirrorFactory {
        (host: HTMLElement, options: Options): Editor;
        defineMode<State>(name: string, make: () => Mode<State>): void;
        Pass: unknown;
    }
    const CodeMirror: CodeMirrorFactory;
    export default CodeMirror;
}

declare module "codemirror/addon/hint/show-hint";
declare module "codemirror/addon/edit/matchbrackets";
declare module "codemirror/addon/edit/closebrackets";
declare module "codemirror/addon/display/placeholder";
declare module "codemirror/addon/comment/comment";
