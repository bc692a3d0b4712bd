// Package lab is pane 0: the knobs of the demo's network, what happens to it, and what only the network knows of our
// node.
package lab
