package main

import "time"

// keyPause is between two keys of a scene, so that the program draws what the first one did.
const keyPause = 150 * time.Millisecond

// scene is a few keys and what is seen after them.
type scene struct {
	keys  string        // of tmux's send-keys
	lasts time.Duration // from the last key on
	every time.Duration // between two frames; 0 films nothing
	still string        // name of the picture of the last frame; "" for none
}

const (
	calm  = 500 * time.Millisecond
	quick = 125 * time.Millisecond
)

// script is the film: what dhtop shows, in half a minute.
var script = []scene{
	{keys: "+", lasts: 40 * time.Second}, // until trends and news have something to show

	{keys: "g", lasts: 3 * time.Second, every: calm, still: "overview"},
	{keys: "j j", lasts: calm, every: calm},
	{keys: "Enter", lasts: 2 * time.Second, every: time.Second},

	// A lookup, over a network in which every packet takes longer, so that there is time to watch. Our node gets used to it first.
	{keys: "l", lasts: 1500 * time.Millisecond, every: calm},
	{keys: "0 j Right Right Right 4", lasts: 12 * time.Second},
	{keys: "l", lasts: time.Second, every: quick},
	{lasts: 3 * time.Second, every: calm, still: "lookup"},

	{keys: "0 x", lasts: calm},

	{keys: "5 /", lasts: calm, every: calm},
	{keys: "r e p l y Space p e e r s Enter", lasts: time.Second, every: time.Second},
	{keys: "Space Enter j j j", lasts: calm, every: calm},
	{keys: "j j j", lasts: 3 * time.Second, every: calm, still: "packet"},

	{keys: "Space 6", lasts: 3 * time.Second, every: calm},

	{keys: "0 g", lasts: time.Second, every: calm},
	{keys: "j j j j j j j j", lasts: calm, every: calm},
	{keys: "Enter", lasts: 2 * time.Second, every: calm, still: "lab"},
	{keys: "l 4", lasts: 4 * time.Second, every: calm},
}
