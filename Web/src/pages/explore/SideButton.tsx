import { Icon, IconName } from "../../components/Icon";

/** Opens or closes what stands beside the editor; `hint` is its key. */
export function SideButton({ icon, label, hint, onClick }: { icon: IconName; label: string; hint: string; onClick(): void }) {
    return (
        <button type="button" className="icon-button" aria-label={label} title={`${label}: ${hint}`} onClick={onClick}>
            <Icon name={icon} size={14} />
        </button>
    );
}
