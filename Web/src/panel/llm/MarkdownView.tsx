import { Fragment, useMemo } from "react";
import { CopyButton } from "../../components/basic";
import { Block, Inline, parseMarkdown } from "./markdown";

/** Markdown as elements. Links are shown as text with their address: nothing in a message leads off the page by itself. */
export function MarkdownView({ text }: { text: string }) {
    const blocks = useMemo(() => parseMarkdown(text), [text]);
    return (
        <div className="md">
            {blocks.map((block, index) => (
                <BlockView key={index} block={block} />
            ))}
        </div>
    );
}

function BlockView({ block }: { block: Block }): JSX.Element {
    switch (block.type) {
        case "paragraph":
            return (
                <p dir="auto">
                    <Inlines list={block.children} />
                </p>
            );
        case "heading":
            return (
                <p dir="auto" className={`md-h md-h${block.level}`} role="heading" aria-level={Math.min(6, block.level + 2)}>
                    <Inlines list={block.children} />
                </p>
            );
        case "code":
            return (
                <div className="md-code">
                    <div className="md-code-head">
                        <span>{block.language}</span>
                        <CopyButton text={block.text} label="Copy the code" />
                    </div>
                    <pre>
                        <code>{block.text}</code>
                    </pre>
                </div>
            );
        case "list": {
            const items = block.items.map((item, index) => (
                <li key={index} dir="auto">
                    {item.map((child, at) => (
                        <BlockView key={at} block={child} />
                    ))}
                </li>
            ));
            return block.ordered ? <ol dir="auto" start={block.start}>{items}</ol> : <ul dir="auto">{items}</ul>;
        }
        case "quote":
            return (
                <blockquote dir="auto">
                    {block.children.map((child, index) => (
                        <BlockView key={index} block={child} />
                    ))}
                </blockquote>
            );
        case "table":
            return (
                <div className="md-table">
                    <table>
                        <thead>
                            <tr>
                                {block.head.map((cell, index) =>
                                    cell.length === 0 ? (
                                        <td key={index} />
                                    ) : (
                                        <th key={index}>
                                            <Inlines list={cell} />
                                        </th>
                                    ),
                                )}
                            </tr>
                        </thead>
                        <tbody>
                            {block.rows.map((row, index) => (
                                <tr key={index}>
                                    {row.map((cell, at) => (
                                        <td key={at} dir="auto">
                                            <Inlines list={cell} />
                                        </td>
                                    ))}
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            );
        case "rule":
            return <hr />;
    }
}

function Inlines({ list }: { list: readonly Inline[] }) {
    return (
        <>
            {list.map((item, index) => (
                <Fragment key={index}>
                    <InlineView item={item} />
                </Fragment>
            ))}
        </>
    );
}

function InlineView({ item }: { item: Inline }): JSX.Element {
    switch (item.type) {
        case "text":
            return <>{item.text}</>;
        case "code":
            return <code className="md-inline">{item.text}</code>;
        case "strong":
            return (
                <strong>
                    <Inlines list={item.children} />
                </strong>
            );
        case "em":
            return (
                <em>
                    <Inlines list={item.children} />
                </em>
            );
        case "strike":
            return (
                <s>
                    <Inlines list={item.children} />
                </s>
            );
        case "link":
            return (
                <span className="md-link" title={item.href}>
                    <Inlines list={item.children} /> <span className="muted">({item.href})</span>
                </span>
            );
    }
}
