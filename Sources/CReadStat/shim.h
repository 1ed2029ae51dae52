// ReadStat: reading and writing the files of SPSS, Stata and SAS.
#include <readstat.h>
