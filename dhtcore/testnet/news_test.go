package testnet

import (
	"slices"
	"testing"

	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/wire"
)

func TestTorrentsAreBornRiseAndDie(t *testing.T) {
	c := newCatalogue(1)
	c.begin(t.Context(), 100)
	_, fifth := c.at(5)
	number, newborn := c.born(5)
	if _, at := c.at(5); number != 100 || at != newborn || c.size() != 100 {
		t.Errorf("%d torrents, number %d, %s at rank 5", c.size(), number, at)
	}
	if _, at := c.at(6); at != fifth {
		t.Error("the one before it did not step down")
	}
	_, unknown := c.at(70)
	c.move(70, 2)
	if _, at := c.at(2); at != unknown || c.size() != 100 {
		t.Error("it did not rise")
	}
	c.dies(2)
	if c.size() != 100 || slices.ContainsFunc(c.ranks, func(number int) bool { return c.hashes[number] == unknown }) {
		t.Error("it did not die")
	}
	for _, hash := range []wire.ID{newborn, unknown} { // the seeds of a dead swarm are gone, who has it may still tell
		if info, err := metadata.Parse(c.dict(hash)); err != nil || info.Name == "" {
			t.Errorf("%s: %v", hash, err)
		}
	}
	if c.dict(wire.ID{1}) != nil {
		t.Error("a torrent of nobody")
	}
	count := 0
	for range c.all {
		count++
	}
	if count != 102 {
		t.Errorf("%d torrents ever", count)
	}
}
