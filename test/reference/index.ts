/** The naive brute force that the product is compared with. Slow, plain, and written separately from what it checks. */
export * from './trace';
export * from './plant';
export * from './installations';
export * from './amounts';
export * from './amounts-plant';
export * from './stock';
