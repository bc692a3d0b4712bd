package main

import "time"

// keyPause is between two keys of a scene, so that the program draws what the first one did.
const keyPause = 150 * time.Millisecond

// scene is a few keys and what is seen after them.
type scene struct {
	keys  string        // of tmux's send-keys
	lasts time.Duration // from the last key on
	every time.Duration // between two frames; 0 films nothing
	slow  time.Duration // how many times as long a frame is shown as it lasted; 0 is 1
	still string        // name of the picture of the last frame; "" for none
}

const (
	calm  = 500 * time.Millisecond
	quick = 100 * time.Millisecond
)

// script is the film: what dhtop shows, in half a minute.
var script = []scene{
	{lasts: 7 * time.Second}, // until the demo is alive

	{keys: "g", lasts: 3 * time.Second, every: calm, still: "overview"},
	{keys: "j j", lasts: calm, every: calm},
	{keys: "Enter", lasts: 3 * time.Second, every: calm},

	{keys: "l 4", lasts: time.Second, every: quick, slow: 4},
	{lasts: 2 * time.Second, every: calm, still: "lookup"},

	{keys: "5 /", lasts: calm, every: calm},
	{keys: "r e p l y Space p e e r s Enter", lasts: time.Second, every: calm},
	{keys: "Space Enter j j j", lasts: calm, every: calm},
	{keys: "j j j", lasts: 3 * time.Second, every: calm, still: "packet"},

	{keys: "Space 6", lasts: 3 * time.Second, every: calm},

	{keys: "0", lasts: time.Second, every: calm},
	{keys: "j j j j j j j j", lasts: calm, every: calm},
	{keys: "Enter", lasts: 2 * time.Second, every: calm, still: "lab"},
	{keys: "l 4", lasts: time.Second, every: quick, slow: 4},
	{lasts: 3 * time.Second, every: calm},
}
