// What the SDK uses of its platform without being given it: nothing of a browser or of node.
declare function setTimeout(wake: () => void, ms: number): any;
declare function clearTimeout(timer: any): void;
declare const qq: unknown;
