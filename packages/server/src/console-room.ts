const ROOMS = /^\/((pulse|customers|decisions|settings|sign-in|claim)(\/.*)?)?$/;

/** Whether an address is one of the console's own, which its one page answers. */
export const isConsoleRoom = (path: string): boolean => ROOMS.test(path);
