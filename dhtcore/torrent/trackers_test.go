package torrent

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheTrackersOfATorrent(t *testing.T) {
	const info, a, b, c = "4:info" + infoV1, "8:udp://a/", "9:http://b/", "10:https://c/"
	for name, want := range map[string]struct{ from, list string }{
		"a hash":              {first, ""},
		"a link":              {"magnet:?xt=urn:btih:" + first + "&tr=udp%3A%2F%2Fa%3A1%2Fannounce&tr.1=http://b/x?k=1&tr=&tr=http://b/x?k=1", "udp://a:1/announce http://b/x?k=1"},
		"the same twice":      {"magnet:?xt=urn:btih:" + first + "&tr=udp://a:1 magnet:?xt=urn:btih:" + first + "&tr=udp://b:1", "udp://a:1 udp://b:1"},
		"one tracker":         {write(t, "a.torrent", "d8:announce"+a+info+"e"), "udp://a/"},
		"behind the info":     {write(t, "b.torrent", "d"+info+"8:announce"+a+"e"), "udp://a/"},
		"tiers":               {write(t, "c.torrent", "d8:announce"+a+"13:announce-listll"+b+a+"el"+c+"ee"+info+"e"), "udp://a/ http://b/ https://c/"},
		"no tiers":            {write(t, "d.torrent", "d13:announce-listl"+b+c+"e"+info+"e"), "http://b/ https://c/"},
		"odd ones":            {write(t, "e.torrent", "d8:announcei7e13:announce-listll"+b+"i1eledeei2ee"+info+"e"), "http://b/"},
		"an odd list":         {write(t, "f.torrent", "d8:announce"+a+"13:announce-list3:abc"+info+"e"), "udp://a/"},
		"broken behind it":    {write(t, "g.torrent", "d8:announce"+a+info+"1:x"), "udp://a/"},
		"longer than any URL": {"magnet:?xt=urn:btih:" + first + "&tr=udp://" + strings.Repeat("a", maxTrackerURL), ""},
	} {
		got, err := Parse(t.Context(), want.from)
		if err != nil || len(got) != 1 || strings.Join(got[0].Trackers, " ") != want.list {
			t.Errorf("%s: %+v, want %q; %v", name, got, want.list, err)
		}
	}
}

func TestALinkWithManyTrackersKeepsSome(t *testing.T) {
	var link strings.Builder
	link.WriteString("magnet:?xt=urn:btih:" + first)
	for i := range 2 * maxTrackers {
		fmt.Fprintf(&link, "&tr=udp://t%d:1", i)
	}
	got, err := Parse(t.Context(), link.String())
	if err != nil || len(got[0].Trackers) != maxTrackers || got[0].Trackers[1] != "udp://t1:1" {
		t.Errorf("%+v, %v", got, err)
	}
}
