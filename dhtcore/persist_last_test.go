package dhtcore

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
)

// damagedStore is a store that finds itself damaged at the next Save.
type damagedStore struct{ store.Store }

func (damagedStore) Save(context.Context, store.Batch) error {
	return fmt.Errorf("cannot write to the store: %w", store.ErrCorrupt)
}

func TestAStoreFoundDamagedAtTheLastSaveStillGetsTheCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, "sqlite:"+path)
	s.sightings(3)
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.store = damagedStore{s.store}
	s.sightings(5)
	s.ledger.SeeUnproven(ledger.Requested, ID{1, 2}, somebody, 0, time.Now())
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	if n := samplesIn(t, "sqlite:"+path); n != 5 {
		t.Errorf("%d samples are stored, want the last 5", n)
	}
	aside, err := filepath.Glob(path + ".corrupt-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("set aside: %v, %v", aside, err)
	}
	if n := samplesIn(t, "sqlite:"+aside[0]); n != 3 {
		t.Errorf("%d samples are in what was set aside, want 3", n)
	}
}

func TestDamageFoundWhileRunningIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, "sqlite:"+path)
	s.sightings(3)
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.store = damagedStore{s.store}
	s.sightings(5)
	if err := s.flush(t.Context()); err == nil {
		t.Fatal("a flush into a damaged store succeeded")
	}
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := samplesIn(t, "sqlite:"+path); n != 5 {
		t.Errorf("%d samples are stored, want 5", n)
	}
}

func TestTheLastSaveInAFloodIsShortAndLosesNothingThatCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.sqlite")
	s := keeper(t, "sqlite:"+path)
	if err := s.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for i := range 400_000 {
		hash := ID{byte(i), byte(i >> 8), byte(i >> 16), 1}
		s.ledger.SeeUnproven(ledger.Requested, hash, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1), 0, now)
	}
	s.sightings(200)
	start := time.Now()
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 10*time.Second { // of which some are for a busy machine
		t.Errorf("the last save took %v", took)
	}
	if n := samplesIn(t, "sqlite:"+path); n != 200 {
		t.Errorf("%d samples are stored, want 200", n)
	}
}
