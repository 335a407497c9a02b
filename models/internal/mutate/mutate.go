// Package mutate makes bad files of good ones, for tests of readers.
package mutate

import (
	"math/rand/v2"
	"regexp"
)

var value, tag = regexp.MustCompile(`"[^"]*"`), regexp.MustCompile(`<[^>?!]*>`)

// XML changes one to three places of an XML file: values are replaced by those of bad or by each other, tags are dropped and
// doubled.
func XML(rng *rand.Rand, file string, bad []string) string {
	for range 1 + rng.IntN(3) {
		re, with := value, `"`+bad[rng.IntN(len(bad))]+`"`
		if rng.IntN(4) == 0 {
			re, with = tag, ""
		}
		all := re.FindAllStringIndex(file, -1)
		if len(all) == 0 {
			continue
		}
		at := all[rng.IntN(len(all))]
		if rng.IntN(3) == 0 {
			o := all[rng.IntN(len(all))]
			with = file[o[0]:o[1]]
		}
		file = file[:at[0]] + with + file[at[1]:]
	}
	return file
}
