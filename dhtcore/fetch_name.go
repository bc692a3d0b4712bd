package dhtcore

import (
	"context"
	"time"

	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/names"
)

// MetadataInfo is what a torrent is called and made of (BEP 9).
type MetadataInfo = metadata.Info

// FetchName returns the metadata of hash if it is known. Otherwise it fetches it from the peers of a lookup of
// the last minutes, or of a new one, and the name is in the ranking from then on. The error wraps
// metadata.ErrNoMetadata if no peer had it. silence bounds the lookup, and how long no peer may send anything; 0 is
// a default.
func (e *Explorer) FetchName(ctx context.Context, hash ID, silence time.Duration) (MetadataInfo, error) {
	return e.names.Fetch(ctx, hash, metadata.Config{Timeout: silence})
}

// StartFetchName fetches the name of hash in the background. It is seen in Snapshot.Metadata, and an error
// in the journal.
func (e *Explorer) StartFetchName(hash ID) error {
	_, err := e.background.start(names.Timeout, func(ctx context.Context) { e.names.FetchLogged(ctx, hash) })
	return err
}

// demoNames is how quickly names are fetched in the demo, where nobody is disturbed by it.
var demoNames = names.Pace{Every: 50 * time.Millisecond, Parallel: 16}

// namePace is how quickly names are fetched unasked.
func (e *Explorer) namePace() names.Pace {
	if e.network != nil {
		return demoNames
	}
	return names.Polite
}

// peersForName looks up the peers that a name is fetched from, which nobody has asked for.
func (l *lookups) peersForName(ctx context.Context, hash ID) LookupState {
	return l.persist(ctx, func() LookupState { return l.peersAside(ctx, hash) })
}
