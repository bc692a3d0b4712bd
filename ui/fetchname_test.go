package ui

import (
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// nameless is a scene with a lookup of a hash that has no name.
func nameless() *dhtcore.Snapshot { return doneLookup(scene("aa"), "d1") }

func TestNameIsToldWhenItHasBeenFetched(t *testing.T) {
	play(t, func(s *stage) {
		s.show(nameless())
		s.keys("4", "n")
		s.sees("fetching the name of d1d1d1d1… from its peers")
		if !slices.Equal(s.named, []dhtcore.ID{hash("d1")}) {
			t.Fatalf("fetched %v", s.named)
		}
		named := nameless()
		named.Metadata = map[dhtcore.ID]*dhtcore.MetadataInfo{hash("d1"): {Name: "debian\x1b[2J.iso", Size: 3_900_000_000, FileCount: 1}}
		s.show(named)
		s.sees("d1d1d1d1… is debian", "name      debian")
		s.keys("n")
		s.sees("its name is known: debian")
	})
}

func TestNameThatNobodyTellsIsToldInAToast(t *testing.T) {
	play(t, func(s *stage) {
		s.show(nameless())
		s.keys("4", "n")
		other := nameless()
		other.Warnings = []dhtcore.Event{{At: time.Now(), Kind: dhtcore.Warning, Hash: hash("aa"), Text: "something else"}}
		s.show(other)
		s.seesNot("! ")
		failed := nameless()
		failed.Warnings = []dhtcore.Event{{At: time.Now(), Kind: dhtcore.Warning, Hash: hash("d1"), Text: "no name: nobody told it"}}
		s.show(failed)
		s.sees("! d1d1d1d1…: no name: nobody told it")
	})
}

func TestNameSaysWhyItCannot(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("n")
		s.sees("its name is known: name of aa")
		s.keys("3", "n")
		s.sees("this pane lists nodes")
		s.show(nameless())
		s.refuse = errRefused
		s.keys("4", "n")
		s.sees("! " + errRefused.Error())
		if len(s.named) != 1 {
			t.Errorf("fetched %v", s.named)
		}
	})
}
