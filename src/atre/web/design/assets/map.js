// The map of the observatory, over a page whose table already says everything. Loaded by its pages alone.
import { attachCopies } from "./js/map/copy.js";
import { attachMaps } from "./js/map/figure.js";

attachMaps(document);
attachCopies(document);
