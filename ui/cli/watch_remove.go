package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// unwatched is what one argument of "watch rm" names.
type unwatched struct {
	arg     string
	entries []dhtcore.WatchEntry // that arg names by itself; none where it can only be a label
	err     error                // why there are none
}

// readUnwatched reads what args name, before the list is opened: one of them may wait for a keyboard.
func (c *invocation) readUnwatched(ctx context.Context, args []string) (all []unwatched, err error) {
	if err := c.onlyToAdd("label", "min-seeds", "scrape"); err != nil {
		return nil, err
	}
	for _, arg := range args {
		entries, err := c.readWatched(ctx, watchRemove, arg, c.flags.string("salt"))
		if err != nil && arg == "-" {
			return nil, err
		}
		all = append(all, unwatched{arg, entries, err})
	}
	return all, nil
}

// onlyToAdd refuses flags that are for adding alone.
func (c *invocation) onlyToAdd(names ...string) error {
	for _, name := range names {
		if c.flags.Changed(name) {
			return fmt.Errorf("--%s is for 'dhtop watch add'", name)
		}
	}
	return nil
}

// onList returns the entries to take off a list. What an argument names by its hash or key goes before a label: a
// stranger's torrent may be called like a hash.
func onList(editor watchEditor, named []unwatched) (entries []dhtcore.WatchEntry, err error) {
	all, err := editor.Listed()
	if err != nil {
		return nil, err
	}
	for i := range named {
		u := &named[i]
		isListed := func(e dhtcore.WatchEntry) bool {
			return slices.ContainsFunc(all, func(l listed) bool { return l.target == e.Target || l.other == e.Target })
		}
		if slices.ContainsFunc(u.entries, isListed) {
			entries = append(entries, u.entries...)
			continue
		}
		labelled, err := u.labelled(all)
		switch {
		case err != nil:
			return nil, err
		case labelled != nil:
			entries = append(entries, *labelled)
		default:
			entries = append(entries, u.entries...)
		}
	}
	return entries, nil
}

// labelled returns the entry with the label that is asked for, in any case where none has it as typed; nil where the
// argument names something that is not on the list.
func (u *unwatched) labelled(all []listed) (*dhtcore.WatchEntry, error) {
	label := dhtcore.Printable(strings.TrimSpace(u.arg))
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		var found []dhtcore.ID
		for _, l := range all {
			if l.label != "" && same(l.label, label) {
				found = append(found, l.target)
			}
		}
		switch len(found) {
		case 0:
			continue
		case 1:
			return &dhtcore.WatchEntry{Target: found[0], Label: label}, nil
		}
		targets := make([]string, len(found))
		for i, target := range found {
			targets[i] = target.String()
		}
		return nil, fmt.Errorf("%d entries are called %q, so nothing was removed: pass the hash of the one that you mean, of %s", len(found), u.arg, listWords(targets))
	}
	if u.err == nil {
		return nil, nil //nolint:nilnil // it is not on the list, which Remove tells
	}
	var labels []string
	for _, l := range all {
		if l.label != "" {
			labels = append(labels, l.label)
		}
	}
	return nil, fmt.Errorf("%q is neither a label on the watch list nor a torrent or an item, so nothing was removed%s", u.arg,
		human.DidYouMean(label, labels, ": 'dhtop watch list' prints what is watched"))
}
