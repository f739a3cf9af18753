/** The windows that the app has open, oldest first. */
export const openWindows: { close(): void }[] = []
