package metadata

import (
	"errors"
	"strings"
	"testing"
)

func TestOfATorrentFileOnlyTheInfoMatters(t *testing.T) {
	info := torrent("n", "6:lengthi1e")
	for name, file := range map[string]string{
		"alone":                  "d4:info" + info + "e",
		"a newline behind":       "d4:info" + info + "e\r\n",
		"cut off behind":         "d4:info" + info + "8:url-lis",
		"out of order":           "d8:url-listi1e4:info" + info + "8:announce1:ae",
		"values of other types":  "d8:announcele13:announce-listd1:xi1ee7:commenti-0e4:info" + info + "e",
		"a key that is none":     "d0:0:4:info" + info + "e",
		"two, the first counts":  "d4:info" + info + "4:infod4:name1:xee",
		"info in another value":  "d1:ad4:infod1:xi1eee4:info" + info + "e",
		"a deep value behind it": "d4:info" + info + "1:z" + strings.Repeat("l", 1000),
	} {
		if got, err := FindInfo([]byte(file)); err != nil || string(got) != info {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, c := range map[string]struct{ file, want string }{
		"nothing":        {"", "does not start"},
		"text":           {"<html>", "does not start"},
		"no info":        {"d1:ai1ee", "no info dictionary"},
		"a list":         {"d4:infolee", "not a dictionary"},
		"a string":       {"d4:info2:dee", "not a dictionary"},
		"cut off":        {"d4:info" + info[:30], "cut off at byte"},
		"a deep one":     {"d4:infod1:a" + strings.Repeat("l", 1000), "broken"},
		"broken before":  {"d8:announce99:abe4:info" + info + "e", "broken"},
		"a value is off": {"d8:announcex4:info" + info + "e", "broken"},
	} {
		if got, err := FindInfo([]byte(c.file)); !errors.Is(err, ErrTorrentFile) || got != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestTheVersionsOfAnInfoDictionary(t *testing.T) {
	for dict, want := range map[string][2]bool{
		torrent("n", "6:lengthi1e"):                         {true, false},
		torrent("n", "6:lengthi1e12:meta versioni1e"):       {true, false},
		torrent("n", "6:lengthi1e12:meta versioni2e"):       {true, true},
		torrent("n", "6:lengthi1e12:meta version1:2"):       {true, false},
		v2("1:ad0:d6:lengthi5eee"):                          {false, true},
		"d12:meta versioni2e6:piecesi5ee":                   {false, true},
		"de":                                                {true, false},
		torrent("n", "6:lengthi1e12:meta versioni3e"):       {true, false},
		"d9:file treedee" + "12:meta versioni2e4:name1:nee": {true, false},
	} {
		if v1, v2 := Versions([]byte(dict)); v1 != want[0] || v2 != want[1] {
			t.Errorf("%q: %t, %t", dict, v1, v2)
		}
	}
}
