// minizip: reading the zip container of .xlsx workbooks.
#include <minizip/unzip.h>
