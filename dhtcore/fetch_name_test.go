package dhtcore

import (
	"context"
	"errors"
	"testing"

	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/testnet"
)

func TestANameIsFetchedFromThePeersOfALookupAndKept(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "joining", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	hash := testnet.InfoHash(demoSeed, 0)
	eventually(t, e, "requests for the hottest hash", func(*Snapshot) bool { return e.ledger.Knows(hash) })
	info, err := e.FetchName(t.Context(), hash, 0)
	if err != nil || info.Name == "" || info.Size <= 0 || info.FileCount == 0 {
		t.Fatalf("fetched %+v: %v", info, err)
	}
	s := eventually(t, e, "name in the ranking", func(s *Snapshot) bool {
		for _, row := range s.Hashes.Top {
			if row.InfoHash == hash && row.Name == info.Name {
				return true
			}
		}
		return false
	})
	if s.Metadata[hash] == nil || s.Metadata[hash].Name != info.Name {
		t.Errorf("the Snapshot has %+v", s.Metadata[hash])
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if again, err := e.FetchName(ctx, hash, 0); err != nil || again.Name != info.Name {
		t.Errorf("what is known is fetched again: %v", err)
	}
}

func TestTheHottestHashesAreNamedUnaskedOnlyWhenConfigured(t *testing.T) {
	cfg := demoConfig()
	cfg.Names = 3
	e := start(t, cfg)
	s := eventually(t, e, "name", func(s *Snapshot) bool { return len(s.Metadata) > 0 })
	if len(s.Metadata) > 3 {
		t.Errorf("%d names", len(s.Metadata))
	}
}

func TestAHashWithoutPeersHasNoName(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "joining", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	if _, err := e.FetchName(t.Context(), ID{1, 2, 3}, 0); !errors.Is(err, metadata.ErrNoMetadata) {
		t.Errorf("error %v", err)
	}
}
