package cli

import "testing"

func TestATildeIsTheHomeDirectoryOnlyAtTheStartOfAPath(t *testing.T) {
	for _, path := range []string{"~x/y", "a~", "/~/b", "./~/b"} {
		if got, err := expandHome(path); got != path || err != nil {
			t.Errorf("%s became %s, %v", path, got, err)
		}
	}
}
