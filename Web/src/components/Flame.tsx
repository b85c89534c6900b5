/** The mark of the product. Gradients are named by id, so every copy brings the same one. */
export function Flame() {
    return (
        <svg width="18" height="20" viewBox="0 0 32 36" aria-hidden="true">
            <defs>
                <linearGradient id="flame" x1="0" x2="0" y1="0" y2="1">
                    <stop offset="0" stopColor="#ffb067" />
                    <stop offset="1" stopColor="#d9480f" />
                </linearGradient>
            </defs>
            <path d="M18 1c1.4 7 11 10.5 11 21a13 13 0 0 1-26 0c0-6 4-9.6 6.4-12 0 3.6 1.2 6 3.6 7.2C13 11 14.300 5.500 18 1z" fill="url(#flame)" />
            <path d="M16.500 20c.6 3.200 4.500 4.800 4.500 9a5 5 0 0 1-10 0c0-2.700 1.800-4.200 2.800-5.300.1 1.500.6 2.400 1.500 2.900-.1-2.600.2-4.700 1.200-6.600z" fill="#fff" opacity=".55" />
        </svg>
    );
}
