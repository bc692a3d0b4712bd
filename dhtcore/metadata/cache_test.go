package metadata

import (
	"testing"

	"dhtop/dhtcore/wire"
)

func TestNamesKnownAreBounded(t *testing.T) {
	var c Cache
	for i := range maxCached + 50 {
		c.Add(wire.ID{byte(i >> 8), byte(i)}, &Info{Name: "x"})
	}
	if len(c.All()) != maxCached || c.Get(wire.ID{0, 1}) != nil || c.Get(wire.ID{4, 20}) == nil {
		t.Errorf("%d names are kept", len(c.All()))
	}
}
