package store

import (
	"context"
	"fmt"
)

// mostPages is the default of SQLite's max_page_count: no bound.
const mostPages uint32 = 1<<32 - 2

// SetFull bounds the file to its size, so that SQLite says of what would have it grow what it says on a full disk; or
// lifts the bound. It holds until the store is opened again.
func (s *SQLite) SetFull(ctx context.Context, full bool) error {
	pages := mostPages
	if full {
		pages = 1 // SQLite takes as many as there are
	}
	_, err := s.pools.Load().write.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	return s.explain("bound", err)
}
