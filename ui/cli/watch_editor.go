package cli

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"dhtop/dhtcore"
)

// watchEditor changes a watch list: that of a running dhtop or that of a store.
type watchEditor interface {
	Add(entry dhtcore.WatchEntry) (fresh bool, err error)
	Remove(target dhtcore.ID) error
	Listed() ([]listed, error)
	Close() error
}

// listed is an entry as it stands on the list.
type listed struct {
	target, other dhtcore.ID // other is zero for none
	label         string
}

// storedEditor changes the list of a store.
type storedEditor struct{ *dhtcore.StoredWatch }

// Listed implements watchEditor.
func (s storedEditor) Listed() (all []listed, err error) {
	for _, r := range s.Watch().Rows {
		all = append(all, listed{r.Target, r.Other, r.Label})
	}
	return all, nil
}

// nodeEditor changes the list of a running dhtop.
type nodeEditor struct {
	ctx  context.Context //nolint:containedctx // it is that of the command
	node *watchNode
}

// Listed implements watchEditor.
func (n *nodeEditor) Listed() (all []listed, err error) {
	var list struct {
		Entries []struct {
			Target dhtcore.ID `json:"target"`
			Other  dhtcore.ID `json:"same_torrent"`
			Label  string     `json:"label"`
		} `json:"entries"`
	}
	err = n.node.call(n.ctx, http.MethodGet, watchPath, nil, &list)
	for _, e := range list.Entries {
		all = append(all, listed{e.Target, e.Other, e.Label})
	}
	return all, err
}

// watchOrder is what POST /api/v1/watch takes.
type watchOrder struct {
	InfoHash string   `json:"info_hash,omitempty"`
	HashV2   string   `json:"info_hash_v2,omitempty"`
	Key      string   `json:"pk,omitempty"`
	Salt     string   `json:"salt,omitempty"`
	Label    string   `json:"label,omitempty"`
	Trackers []string `json:"trackers,omitempty"`
	Scrape   bool     `json:"scrape,omitempty"`
	MinSeeds int      `json:"min_seeds,omitempty"`
}

// Add implements watchEditor.
func (n *nodeEditor) Add(e dhtcore.WatchEntry) (fresh bool, err error) {
	order := watchOrder{Label: e.Label, Trackers: e.Trackers, Scrape: e.Scrape, MinSeeds: e.MinSeeds}
	if e.IsItem() {
		order.Key, order.Salt = dhtcore.FormatItemKey(e.Item.Key), e.Item.Salt
	} else {
		order.InfoHash = e.Target.String()
		if !e.Other.Zero() {
			order.HashV2 = e.Other.String()
		}
	}
	var answer struct{ Added bool }
	err = n.node.call(n.ctx, http.MethodPost, watchPath, &order, &answer)
	return answer.Added, err
}

// Remove implements watchEditor.
func (n *nodeEditor) Remove(target dhtcore.ID) error {
	var answer struct{ Message string }
	err := n.node.call(n.ctx, http.MethodDelete, watchPath+"/"+url.PathEscape(target.String()), nil, &answer)
	if r := (*refusedError)(nil); errors.As(err, &r) && r.status == http.StatusNotFound {
		return dhtcore.ErrNotWatched
	}
	return err
}

// Close implements watchEditor.
func (n *nodeEditor) Close() error { return nil }
