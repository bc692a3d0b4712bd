package metadata

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

const hash20 = "aaaaaaaaaaaaaaaaaaaa"

// torrent is an info dictionary with the given keys beside the ones that each must have.
func torrent(name, keys string) string {
	return fmt.Sprintf("d4:name%d:%s12:piece lengthi32768e6:pieces20:%s%se", len(name), name, hash20, keys)
}

// v2 is an info dictionary of version 2 with the given file tree.
func v2(tree string) string {
	return "d9:file treed" + tree + "e12:meta versioni2e4:name1:n12:piece lengthi16384ee"
}

func TestParseReadsTheFilesOfVersion2(t *testing.T) {
	for name, c := range map[string]struct {
		tree  string
		files []File
		count int
		size  int64
	}{
		"one file":    {"1:nd0:d6:lengthi20000eee", []File{{"n", 20000}}, 2, 20000},
		"directories": {"1:ad1:bd0:d6:lengthi16384eee1:cd0:d6:lengthi0eeee1:zd0:d6:lengthi1eee", []File{{"a/b", 16384}, {"a/c", 0}, {"z", 1}}, 2, 16385},
		"padding and odd values": {"1:ad0:d4:attr1:x6:lengthi5e11:pieces root1:xee1:pd0:d4:attr1:p6:lengthi9eee3:oddi7e",
			[]File{{"a", 5}}, 1, 5},
		"escape sequences": {"4:\x1b[2Jd0:d6:lengthi1eee", []File{{"\ufffd[2J", 1}}, 1, 1},
	} {
		want := Info{Name: "n", Size: c.size, PieceLength: 16384, Pieces: c.count, Files: c.files, FileCount: len(c.files)}
		if got, err := Parse([]byte(v2(c.tree))); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestParseReadsTheDictionariesThatPeopleShare(t *testing.T) {
	for name, c := range map[string]struct {
		dict string
		want Info
	}{
		"one file": {torrent("a.iso", "6:lengthi12345e"),
			Info{Name: "a.iso", Size: 12345, Files: []File{{"a.iso", 12345}}, FileCount: 1}},
		"several files": {torrent("books", "5:filesld6:lengthi1e4:pathl1:a1:beed6:lengthi2e4:pathl5:c.txteee"),
			Info{Name: "books", Size: 3, Files: []File{{"a/b", 1}, {"c.txt", 2}}, FileCount: 2}},
		"no file": {torrent("nothing", "5:filesle"), Info{Name: "nothing"}},
		"private": {torrent("p", "6:lengthi0e7:privatei1e"),
			Info{Name: "p", Files: []File{{"p", 0}}, FileCount: 1, Private: true}},
		"private, but not a number": {torrent("p", "6:lengthi0e7:private1:1"), Info{Name: "p", Files: []File{{"p", 0}}, FileCount: 1}},
		"a local encoding beside UTF-8": {torrent("\xe9t\xe9", "10:name.utf-85:\xc3\xa9t\xc3\xa95:filesld6:lengthi1e4:pathl1:\xe9e10:path.utf-8l2:\xc3\xa9eee"),
			Info{Name: "été", Size: 1, Files: []File{{"é", 1}}, FileCount: 1}},
		"a hybrid one, padded": {torrent("h", "9:file treed1:ad0:d6:lengthi5eeee5:filesld6:lengthi5e4:pathl1:aeed4:attr1:p6:lengthi100e4:pathl4:.pad3:100eee12:meta versioni2e"),
			Info{Name: "h", Size: 5, Files: []File{{"a", 5}}, FileCount: 1}},
		"keys that nobody knows, in no order": {"d1:zldelei5ee6:pieces20:" + hash20 + "12:piece lengthi32768e6:lengthi1e4:name1:ne",
			Info{Name: "n", Size: 1, Files: []File{{"n", 1}}, FileCount: 1}},
		"escape sequences and controls": {torrent("\x1b[2J\x1b]52;c;AAAA\a", "6:lengthi1e"),
			Info{Name: "�[2J�]52;c;AAAA�", Size: 1, Files: []File{{"�[2J�]52;c;AAAA�", 1}}, FileCount: 1}},
		"a forged direction": {torrent("gpj.\u202eexe", "5:filesld6:lengthi1e4:pathl4:\u2066aeee"),
			Info{Name: "gpj.�exe", Size: 1, Files: []File{{"�a", 1}}, FileCount: 1}},
	} {
		c.want.PieceLength, c.want.Pieces = 32768, 1
		if got, err := Parse([]byte(c.dict)); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestParseRefusesWhatIsNoInfoDictionary(t *testing.T) {
	for name, c := range map[string]struct{ dict, want string }{
		"nothing":               {"", "no dictionary"},
		"a list":                {"le", "no dictionary"},
		"cut off":               {torrent("n", "6:lengthi1e")[:40], "broken"},
		"more after it":         {torrent("n", "6:lengthi1e") + "x", "1 bytes after"},
		"a string beyond all":   {"d4:name99999999999999999999:xe", "broken"},
		"nested beyond reason":  {"d1:a" + strings.Repeat("l", MaxSize), "broken at byte 105"},
		"nested dictionaries":   {strings.Repeat("d1:a", MaxSize/4), "broken at byte"},
		"nested in a file":      {torrent("n", "5:filesld4:path"+strings.Repeat("l", 200)+strings.Repeat("e", 200)+"ee"), "broken"},
		"no name":               {torrent("", "6:lengthi1e"), "no name"},
		"a name that is none":   {"d6:lengthi1e4:namei5e12:piece lengthi1e6:pieces0:e", "no name"},
		"no files":              {torrent("n", ""), "no files"},
		"files that are none":   {torrent("n", "5:filesi5e"), `wrong "files"`},
		"a file that is none":   {torrent("n", "5:filesli5ee"), `wrong "length"`},
		"a negative length":     {torrent("n", "6:lengthi-1e"), `wrong "length"`},
		"lengths beyond 2^63":   {torrent("n", "5:filesld6:lengthi9223372036854775807eed6:lengthi1eee"), `wrong "length"`},
		"no piece length":       {"d6:lengthi1e4:name1:n6:pieces0:e", "pieces of 0 bytes"},
		"half a hash":           {"d6:lengthi1e4:name1:n12:piece lengthi1e6:pieces3:abce", `wrong "pieces"`},
		"version 2, no files":   {"d9:file treede12:meta versioni2e4:name1:n12:piece lengthi16384ee", "no files"},
		"version 2, no tree":    {"d9:file treei5e12:meta versioni2e4:name1:n12:piece lengthi16384ee", "no files"},
		"a file without a name": {v2("0:d6:lengthi5ee"), `wrong "file tree"`},
		"a file of no length":   {v2("1:ad0:dee"), `wrong "length"`},
		"a tree beyond 2^63":    {v2("1:ad0:d6:lengthi9223372036854775807eee1:bd0:d6:lengthi1eee"), `wrong "length"`},
		"version 3":             {"d9:file treed1:ad0:d6:lengthi5eeee12:meta versioni3e4:name1:n12:piece lengthi16384ee", "no files"},
		"a dictionary of words": {"d3:foo3:bare", "no name"},
	} {
		if _, err := Parse([]byte(c.dict)); !errors.Is(err, ErrInfo) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseKeepsABoundedNumberOfFilesAndCountsAll(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	file := fmt.Sprintf("d6:lengthi1e4:pathl%d:%s1:yee", len(long), long)
	info, err := Parse([]byte(torrent(long, "5:filesl"+strings.Repeat(file, 5)+strings.Repeat("d6:lengthi1e4:pathl1:aee", 200_000)+"e")))
	if err != nil || info.FileCount != 200_005 || info.Size != 200_005 || len(info.Files) != MaxFiles {
		t.Fatalf("%d files, %d kept, %d bytes, %v", info.FileCount, len(info.Files), info.Size, err)
	}
	if len(info.Name) != maxText || len(info.Files[0].Path) != maxText || info.Files[MaxFiles-1].Path != "a" {
		t.Errorf("a name of %d bytes, a path of %d", len(info.Name), len(info.Files[0].Path))
	}
}

// harmless reports whether s is as a name or path is kept.
func harmless(s string) bool {
	return len(s) <= maxText && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) && r != utf8.RuneError })
}
