import { useState } from "react";
import { fetchOverrides } from "../../../api/prices";
import { useApp } from "../../../app/context";
import { useAsync } from "../../../lib/useAsync";
import { ModelSearch } from "./ModelSearch";
import { OverrideDialog, OverrideStart } from "./OverrideDialog";
import { Overrides } from "./Overrides";
import { Recompute } from "./Recompute";
import { Versions } from "./Versions";

export function Prices() {
    const { organization, project, canManage } = useApp();
    const overrides = useAsync(`overrides:${organization}/${project}`, fetchOverrides);
    const [isAdding, setAdding] = useState<OverrideStart | null>(null);
    const [version, setVersion] = useState(0);
    const changed = () => {
        overrides.reload();
        setVersion((v) => v + 1);
    };
    return (
        <>
            <ModelSearch version={version} onOverride={canManage ? setAdding : undefined} />
            <Overrides overrides={overrides} onAdd={canManage ? () => setAdding({}) : undefined} onChange={changed} />
            <Recompute />
            <Versions onChange={changed} />
            {isAdding && <OverrideDialog start={isAdding} onAdded={changed} onClose={() => setAdding(null)} />}
        </>
    );
}
