package store

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// SetAside renames the file of the store, or of a spool, with its log, to PATH.corrupt-TIME, so
// that the next Open makes a new one and nothing is lost. It is for the caller to decide: after
// ErrCorrupt it is safe, after ErrNotStore the file is likely to be somebody's, and after ErrNewer it is
// in good health. No Store may have the file open.
func SetAside(c Config) (aside string, err error) {
	path := c.Spool
	if !IsPostgres(c.URL) {
		if path, err = Path(c.URL); err != nil {
			return "", err
		}
	}
	aside = path + ".corrupt-" + time.Now().UTC().Format("20060102T150405.000Z")
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("set the damaged store aside: %w", err)
	}
	for _, suffix := range walSuffixes { // left behind, they would be replayed into the new file
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("set the damaged store's log aside: %w", err)
		}
	}
	return aside, nil
}
