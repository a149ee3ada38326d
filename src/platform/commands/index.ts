/** Owns what clients asked for by their own ids: that a verb is done once for an id, and answered again as the first time. */
export * from './once';
