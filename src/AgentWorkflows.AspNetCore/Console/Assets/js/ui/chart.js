// What charts have in common.

/** One unit is one pixel on the screen, so that the writing keeps its size on a narrow one. */
export const chartWidth = () => Math.max(320, Math.min(1120, document.documentElement.clientWidth - 56));
