const paths = {
    search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.6 10.6 14 14",
    close: "M4 4l8 8M12 4l-8 8",
    copy: "M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1z",
    check: "M3 8.5 6.5 12 13 4.5",
    right: "M6 3.5 10.5 8 6 12.5",
    down: "M3.5 6 8 10.5 12.5 6",
    up: "M8 13V3M3.5 7.5 8 3l4.5 4.5",
    expand: "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9",
    sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
    moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
    screen: "M2 3h12v8H2zM6 14h4M8 11v3",
    pause: "M5.5 3.5v9M10.5 3.5v9",
    play: "M5 3l8 5-8 5z",
    clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5",
    globe: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2.3 8h11.4M8 2c2 2 2.5 4 2.5 6S10 12 8 14M8 2C6 4 5.5 6 5.5 8S6 12 8 14",
    live: "M2 8h3l2-5 3 10 2-5h2",
    models: "M8 2l5.5 3v6L8 14l-5.5-3V5zM2.5 5 8 8l5.5-3M8 8v6",
    help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.2M8 11.2v.1",
    warn: "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1",
    filter: "M2 3.5h12L9.5 9v4L6.5 11.5V9z",
    link: "M6.5 9.5l3-3M7 4.5l1-1a3 3 0 0 1 4.5 4.5l-1 1M9 11.5l-1 1A3 3 0 0 1 3.5 8l1-1",
    settings: "M2 4.500h7M12.500 4.500H14M2 11.500h1.500M7 11.500h7M10.800 6.200a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400zM5.200 13.200a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400z",
    plus: "M8 3v10M3 8h10",
    user: "M8 8.200a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM2.800 14c.5-2.600 2.500-4 5.200-4s4.700 1.400 5.200 4",
    project: "M2.500 4.500 8 2l5.500 2.500L8 7zM2.500 8 8 10.500 13.500 8M2.500 11.500 8 14l5.500-2.500",
    send: "M14 2 7 9M14 2l-4.500 12L7 9 2 6.500z",
    trash: "M2.500 4.500h11M6 4.500V3h4v1.500M4 4.500l.6 9h6.800l.6-9M6.700 7v4M9.300 7v4",
    refresh: "M13.500 3v3.500H10M2.500 13V9.500H6M13 6.500A5.300 5.300 0 0 0 3.300 5.800M3 9.500a5.300 5.300 0 0 0 9.700.7",
    grip: "M5 4h6M5 8h6M5 12h6",
    eye: "M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8zM8 9.800a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600z",
    path: "M3 12.5C6 12.5 5 4 8 4s2 8.5 5 8.5",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 14 }: { name: IconName; size?: number }) {
    return (
        <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
            <path d={paths[name]} />
        </svg>
    );
}
