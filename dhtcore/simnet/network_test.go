package simnet

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

func TestTheSameSeedMakesTheSameNetwork(t *testing.T) {
	ids := func(seed uint64) (ids []wire.ID) {
		n, err := InMemory(Config{Nodes: 20, Seed: seed}, NewMemnet(0, 1))
		if err != nil {
			t.Fatal(err)
		}
		defer n.Close()
		for _, c := range n.Contacts() {
			ids = append(ids, c.ID)
		}
		return ids
	}
	if !slices.Equal(ids(1), ids(1)) {
		t.Error("one seed made two networks")
	}
	if slices.Equal(ids(1), ids(2)) {
		t.Error("two seeds made one network")
	}
	hash := testnet.InfoHash(1, 0)
	if again := testnet.InfoHash(1, 0); again != hash || hash == testnet.InfoHash(1, 1) || hash == testnet.InfoHash(2, 0) {
		t.Error("hashes do not follow from the seed and the index")
	}
}

func TestDownloadersLookUpAnnounceAndNodesComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, err := InMemory(Config{Nodes: 60, Seed: 1, MinRTT: time.Millisecond, MaxRTT: 30 * time.Millisecond}, NewMemnet(0, 1))
		if err != nil {
			t.Fatal(err)
		}
		before := n.Contacts()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		n.SetConditions(testnet.Conditions{Churn: 10 * time.Second})
		n.Run(ctx, testnet.Demand{Hashes: 5, PerSecond: 5, Exponent: 1.5, Announce: 1})
		gone, announced := 0, uint64(0)
		after := n.Contacts()
		for _, c := range before {
			if !slices.Contains(after, c) {
				gone++
			}
		}
		for _, m := range n.Members() {
			announced += m.Stats().Methods[wire.AnnouncePeer].In
		}
		if gone == 0 || len(after) != 60 {
			t.Errorf("%d nodes left, %d are there", gone, len(after))
		}
		if announced < 1000 || announced > 5000 { // 5 a second for a minute, to 8 nodes each
			t.Errorf("%d announces arrived", announced)
		}
	})
}
