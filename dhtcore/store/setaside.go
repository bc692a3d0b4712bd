package store

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// SetAside renames the file of a store, or of the spool of a PostgreSQL one, together with its log, to
// PATH.corrupt-TIME, so that the next Open creates a new one and nothing is lost. The caller decides: after
// ErrCorrupt it is safe; after ErrNotStore the file probably belongs to somebody else; after ErrNewer it is
// healthy. No Store may have the file open.
func SetAside(c Config) (aside string, err error) {
	path := c.Spool
	if !IsPostgres(c.URL) {
		if path, err = Path(c.URL); err != nil {
			return "", err
		}
	}
	aside = path + ".corrupt-" + time.Now().UTC().Format("20060102T150405.000Z")
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("cannot set the damaged store aside: %w: move it away by hand", err)
	}
	for _, suffix := range walSuffixes { // left behind, they would be replayed into the new file
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("cannot set the log of the damaged store aside: %w: move it away by hand", err)
		}
	}
	return aside, nil
}
