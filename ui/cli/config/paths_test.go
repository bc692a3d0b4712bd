package config

import "testing"

func TestATildeIsTheHomeDirectoryOnlyAtTheStartOfAPath(t *testing.T) {
	for _, path := range []string{"~x/y", "a~", "/~/b", "./~/b"} {
		if got, err := ExpandHome(path); got != path || err != nil {
			t.Errorf("%s became %s, %v", path, got, err)
		}
	}
}
