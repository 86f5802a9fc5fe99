/** Version of the program, written into run records and exported files. */
export const VERSION = '0.1.0';
