/** Exit code of a command line for a mistake of the user. */
export const USER_ERROR = 2;
