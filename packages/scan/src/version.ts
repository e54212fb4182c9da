/** Of this build; every output carries it. */
export const posternVersion = '0.1.0';
