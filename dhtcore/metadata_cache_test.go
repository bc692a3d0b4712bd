package dhtcore

import (
	"testing"
)

func TestNamesKnownAreBounded(t *testing.T) {
	var c metadataCache
	for i := range maxNamed + 50 {
		c.add(ID{byte(i >> 8), byte(i)}, &MetadataInfo{Name: "x"})
	}
	if len(c.all()) != maxNamed || c.get(ID{0, 1}) != nil || c.get(ID{4, 20}) == nil {
		t.Errorf("%d names are kept", len(c.all()))
	}
}
