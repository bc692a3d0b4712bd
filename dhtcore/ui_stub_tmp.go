package dhtcore

import "context"

// Explorer is ...
type Explorer struct{}

// Snapshot returns the newest picture. It is cheap to call often: a picture is made at most once in 50 ms, and only when something moved.
func (e *Explorer) Snapshot() *Snapshot { return nil }

// Run joins the network and serves until ctx ends.
func (e *Explorer) Run(ctx context.Context) error { return nil }

// StartLookup starts a get_peers lookup, or joins the one that runs; what comes of it is in Snapshot.Lookups.
func (e *Explorer) StartLookup(hash ID) error { return nil }

// SetCrawl starts or stops the BEP 51 crawl.
func (e *Explorer) SetCrawl(on bool) {}

// ParseHash reads an info_hash in any form people have it in: 40 hex, 32 base32, a magnet link, or the path of a .torrent file.
func ParseHash(s string) (ID, error) { return ID{}, nil }
