import { useApp } from "../app/context";
import { withParams } from "../app/router";
import { ExploreTarget, exploreParams } from "../lib/explore";
import { Link } from "./basic";
import { Icon } from "./Icon";

export interface OpenInExploreProps extends ExploreTarget {
    /** What the statement answers, for its accessible name: `Open the cost over time in Explore`. */
    what?: string;
    /** Only the icon, for places such as a chart's head. */
    isIcon?: boolean;
}

/** A link to Explore with the statement that a page or a chart shows. */
export function OpenInExplore({ what, isIcon = false, ...target }: OpenInExploreProps) {
    const { path, params } = useApp();
    const href = withParams(path({ name: "explore" }), exploreParams(target, params));
    const name = what === undefined ? "Open in Explore" : `Open ${what} in Explore`;
    if (isIcon) {
        return (
            <Link href={href} className="icon-button" title={name} label={name}>
                <Icon name="code" size={13} />
            </Link>
        );
    }
    return (
        <Link href={href} className="button open-explore" title={`${name}: the SQL behind this, to read and change`}>
            <Icon name="code" size={13} />
            Open in Explore
        </Link>
    );
}
