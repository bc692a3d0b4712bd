package dhtcore

import (
	"context"
	"testing"

	"dhtop/dhtcore/testnet"
)

func TestAnAnnounceLooksUpAgainWhenTheLastLookupGaveNoTokens(t *testing.T) {
	e := joined(t)
	hash := testnet.InfoHash(demoSeed, 4)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e.Lookup(ctx, hash) // given up at once
	l := e.Announce(t.Context(), hash, 51413, false)
	stored := 0
	for _, r := range l.Stored {
		if r.Err == nil {
			stored++
		}
	}
	if stored == 0 {
		t.Fatalf("announced to nobody: %+v", l.Round)
	}
	if again := e.Announce(t.Context(), hash, 51413, false); !again.Started.Equal(l.Started) {
		t.Error("the tokens of the last lookup were not used")
	}
	if l := e.Lookup(t.Context(), hash); len(l.Peers) == 0 {
		t.Error("what was announced is not found")
	}
}
