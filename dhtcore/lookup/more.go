package lookup

import (
	"context"

	"dhtop/dhtcore/wire"
)

// collectMore runs Config.More and closes more when it has returned.
func (l *Lookup) collectMore(ctx context.Context, more chan<- []wire.Contact) {
	defer close(more)
	l.cfg.More(ctx, func(contacts []wire.Contact) {
		if len(contacts) == 0 {
			return
		}
		select {
		case more <- contacts:
		case <-ctx.Done():
		}
	})
}

// handleMore takes in further nodes to start from; ok is false when no more will come.
func (l *Lookup) handleMore(contacts []wire.Contact, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.awaitsMore = ok
	for _, c := range contacts {
		l.learnUnproven(c)
	}
}

// learnUnproven adds a contact to start from for which nobody vouches. mu is held.
func (l *Lookup) learnUnproven(contact wire.Contact) {
	known := l.shortlist(contact).known
	before := known[contact]
	l.learn(contact, nil)
	if now := known[contact]; before == nil && now != nil {
		now.unproven = true
	}
}
